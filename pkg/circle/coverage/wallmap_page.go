package coverage

// pageText is the wall map: one page that loads nothing.
const pageText = `<!DOCTYPE html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>
body { margin: 0 auto; max-width: 120rem; padding: 2rem; font: 1rem/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1d2b30; background: #fff }
h1 { margin: 0; font-size: 2.4rem } h2 { margin: 2rem 0 .5rem; font-size: 1.3rem }
p { margin: .3rem 0; max-width: 60rem }
svg { width: 100%; height: auto; margin: 1rem 0; background: #f4f2ec; border: 1px solid #c9c5ba }
.figures { display: flex; flex-wrap: wrap; gap: 2.5rem; margin: 1rem 0 }
.figures div { border-top: .5rem solid; padding-top: .3rem } .figures b { display: block; font-size: 2rem; line-height: 1.2 }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(32rem, 100%), 1fr)); gap: 0 3rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .2rem .5rem; white-space: nowrap; border-bottom: 1px solid #ddd; text-align: right } th:first-child, td:first-child { text-align: left }
@media (max-width: 40rem) { body { padding: 1rem } .tables { gap: 0 } .tables > div { overflow-x: auto } }
.low { color: #a3322a; font-weight: 600 } small { color: #566 }
@media print { body { padding: 0 } svg { page-break-inside: avoid } }
</style>
<h1>{{.Title}}</h1>
<p>{{.ModeWords}} · 到最近一个可办网点的时间 · {{.Made.Format "2006年1月2日"}} · 路程模型：{{if eq .Model "straight"}}直线距离估算{{else}}路网{{end}}</p>
<div class="figures">
{{$city := .City}}{{$inhabited := .Inhabited}}{{range $i, $m := .Minutes}}<div style="border-color:{{colour $i}}"><b>{{if $inhabited}}{{percent (index $city.PeopleWithin $i) $city.People}}{{else}}{{percent (index $city.KM2Within $i) $city.KM2}}{{end}}</b>{{$m}} 分钟内{{if $inhabited}}的居民{{else}}的面积{{end}}</div>
{{end}}</div>
{{template "drawing" .}}<p>{{range .Bands}}<span style="display:inline-block;width:1.2em;height:1.2em;vertical-align:-.2em;background:{{.Colour}}"></span> {{.Minutes}} 分钟内　{{end}}<span style="display:inline-block;width:1.2em;height:1.2em;vertical-align:-.2em;background:#e4dfd2"></span> 更远　<span style="color:#d9482b">●</span> 可办网点　<span style="color:#a3322a">①</span> 最远的地方，编号见下表</p>
{{define "drawing"}}<svg viewBox="0 0 {{.Width}} {{.Height}}" role="img" aria-label="{{.Title}}">
<rect width="{{.Width}}" height="{{.Height}}" fill="#f4f2ec"/>
<path fill="#e4dfd2" {{.Ground}}/>
{{range .Bands}}<path fill="{{.Colour}}" fill-rule="evenodd" {{.Path}}><title>{{.Minutes}} 分钟内</title></path>
{{end}}<path fill="none" stroke="#fff" stroke-opacity=".55" stroke-width="1" {{.Roads}}/>
{{with .Points}}<path fill="none" stroke="#d9482b" stroke-width="12" stroke-linecap="round" {{.}}/>{{end}}<g fill="#d9482b" stroke="#fff" stroke-width="1">{{range .Dots}}<circle cx="{{.X}}" cy="{{.Y}}" r="4"><title>{{.Text}}</title></circle>{{end}}</g>
<g font-size="46" font-weight="600" text-anchor="middle" fill="#1d2b30" stroke="#fff" stroke-width="9" stroke-linejoin="round" paint-order="stroke">{{range .Labels}}<text x="{{.X}}" y="{{.Y}}">{{.Text}}</text>{{end}}</g>
<g font-size="22" text-anchor="middle">{{range .Marks}}<circle cx="{{.X}}" cy="{{.Y}}" r="15" fill="#fff" stroke="#a3322a" stroke-width="3"/><text x="{{.X}}" y="{{.Y}}" dy="8" fill="#a3322a">{{.Text}}</text>{{end}}</g>
<g font-size="26" fill="#1d2b30"><path stroke="#1d2b30" stroke-width="4" d="M40 {{add .Height -40}}h{{.Scale.Length}}"/><text x="40" y="{{add .Height -55}}">{{.Scale.KM}} 公里</text></g>
</svg>
{{end}}{{define "shares"}}<table><tr><th>{{.Name}}</th><th>平方公里</th>{{if .Inhabited}}<th>居民</th>{{end}}{{range .Minutes}}<th>{{.}} 分钟</th>{{end}}</tr>
{{$in := .Inhabited}}{{range .Rows}}{{$row := .}}<tr><td>{{.Name}}</td><td>{{tenth .KM2}}</td>{{if $in}}<td>{{whole .People}}</td>{{end}}{{range $i, $v := .KM2Within}}<td>{{if $in}}{{percent (index $row.PeopleWithin $i) $row.People}}{{else}}{{percent $v $row.KM2}}{{end}}</td>{{end}}</tr>
{{end}}</table>{{end}}
<div class="tables">
<div><h2>各区</h2>{{template "shares" (.Table "区" .Districts)}}
<h2>最远的地方</h2><table><tr><th>地点</th><th>镇街</th><th>分钟</th>{{if .Inhabited}}<th>居民</th>{{end}}</tr>
{{range $i, $f := .Farthest}}<tr><td>{{add $i 1}}. {{.Near}}附近</td><td>{{.Town.Name}}</td><td class="low">{{minutes .Seconds}}</td>{{if $inhabited}}<td>{{whole .People}}</td>{{end}}</tr>
{{end}}</table>
{{if .Delegated}}<h2>若再授权一个网点受理，15 分钟圈内新增</h2><table><tr><th>网点</th><th>平方公里</th>{{if .Inhabited}}<th>居民</th>{{end}}</tr>
{{range .Delegated}}<tr><td>{{.Name}}</td><td>{{tenth .KM2}}</td>{{if $inhabited}}<td>{{whole .People}}</td>{{end}}</tr>
{{end}}</table>{{end}}
{{if .Founded}}<h2>若新设一个网点，15 分钟圈内新增</h2><table><tr><th>位置（WGS-84）</th><th>平方公里</th>{{if .Inhabited}}<th>居民</th>{{end}}</tr>
{{range .Founded}}<tr><td>{{.Name}}附近 {{printf "%.4f, %.4f" .At.Lng .At.Lat}}</td><td>{{tenth .KM2}}</td>{{if $inhabited}}<td>{{whole .People}}</td>{{end}}</tr>
{{end}}</table>{{end}}</div>
<div><h2>各镇街</h2>{{template "shares" (.Table "镇街" .Towns)}}</div>
</div>
<p><small>每个地方归入直线距离最近的网点所在的镇街；面积只计网点周边的地面。{{if .Beyond}}另有 {{whole .Beyond}} 人住在这片地面之外，未计入。{{end}}{{if .Attribution}}道路数据：{{.Attribution}}{{end}}</small></p>
</html>
`
