'use strict'
// The hall's screen: the stream says what is called. What it shows without the
// stream is old, and it says so; it comes back by itself.
;(() => {
  const $ = id => document.getElementById(id), { office, date } = document.body.dataset
  let heard = Date.now(), stream, ready = false
  const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text })
  const row = (name, ...parts) => { const p = part('p', ''); p.className = name; p.append(...parts); return p }
  function draw(b) {
    if (b.date !== date) return location.reload() // a new day, maybe a new version
    const rows = b.calls.slice(0, 5).map((c, i) => row(i ? '' : 'last', part('b', c.number), part('span', '请到'), part('b', c.window + '号窗口')))
    $('calls').replaceChildren(...(rows.length ? rows : [row('none', '请留意叫号')]))
    $('waits').replaceChildren(...b.lanes.map(l => row('', l.lane_text + ' ', part('b', l.waiting), ' 人')))
  }
  function listen() {
    if (stream) stream.close()
    heard = Date.now()
    stream = new EventSource('/api/v1/offices/' + office + '/display/events')
    stream.addEventListener('board', e => { heard = Date.now(); ready = true; draw(JSON.parse(e.data)) })
    stream.addEventListener('beat', () => { heard = Date.now() })
    stream.onerror = () => { ready = false }
  }
  setInterval(() => {
    const silent = Date.now() - heard
    $('note').hidden = ready && silent < 40000
    if (silent > 60000 || stream.readyState === 2 && silent > 3000) listen()
    $('time').textContent = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' })
  }, 1000)
  listen()
})()
