'use strict'
// The self-service terminal. Its key cannot leave the browser; the person's
// token stands in a variable and nowhere else.
;(async () => {
  const $ = id => document.getElementById(id), api = '/api/v1/', wait = ms => new Promise(ok => setTimeout(ok, ms))
  let mine, gone = {}, token = '', person = '', ends = 0, touched = 0, asked = 0, turn = 0, leaving = false
  const b64 = b => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  const db = await new Promise((ok, no) => {
    const r = indexedDB.open('terminal', 1)
    r.onupgradeneeded = () => r.result.createObjectStore('own'); r.onsuccess = () => ok(r.result); r.onerror = no
  })
  const own = (mode, act) => new Promise((ok, no) => { const r = act(db.transaction('own', mode).objectStore('own')); r.onsuccess = () => ok(r.result); r.onerror = no })
  const load = k => own('readonly', s => s.get(k)), keep = (k, v) => own('readwrite', s => s.put(v, k))

  // What is shown: texts are texts.
  const node = (tag, text, name = '') => Object.assign(document.createElement(tag), { textContent: text, className: name })
  const show = (title, ...parts) => { turn++; $('main').replaceChildren(node('h2', title), ...parts); scrollTo(0, 0) }
  const button = (text, act, name) => { const b = node('button', text, name); b.onclick = async () => { b.disabled = true; await go(act); b.disabled = false }; return b }
  const foot = (...parts) => $('foot').replaceChildren(...parts)
  const tell = text => { $('note').textContent = text; $('note').hidden = !text }
  const go = async act => { tell(''); try { await act() } catch (p) { p === gone ? offline() : tell(p.detail || '出了点问题，请重试，或到窗口办理。') } }
  const back = () => person ? menu() : home()

  async function call(method, path, body, as = person || token, raw) {
    const h = { 'Content-Type': 'application/json' }
    if (as) h.Authorization = 'Bearer ' + as
    if (method === 'POST') h['Idempotency-Key'] = crypto.randomUUID()
    if (as && as === person) asked = Date.now()
    const r = await fetch(api + path, { method, headers: h, body: body && JSON.stringify(body) }).catch(() => { throw gone })
    if (r.ok) return raw ? r.text() : r.json()
    const p = await r.json()
    if (r.status === 401 && as && as === person) { over('本次办理已结束。没有办完的申请已存为草稿，可在手机上继续。'); throw p }
    if (r.status === 401 && as && as === token) { token = ''; await signIn(); return call(method, path, body, token, raw) }
    throw p
  }
  const sign = async words => b64(await crypto.subtle.sign('Ed25519', mine.key, new TextEncoder().encode(words)))
  async function signIn() {
    const { challenge } = await call('POST', 'terminals/' + mine.id + '/challenges', null, '')
    const s = await call('POST', 'terminals/' + mine.id + '/sessions', { challenge, signature: await sign('yimen terminal session\n' + mine.id + '\n' + challenge) }, '')
    token = s.token
    mine = { ...mine, ...s.terminal }
    await keep('me', mine)
    $('place').textContent = mine.office_name + ' ' + mine.name
    await late()
  }
  function enrol() {
    const code = node('input', '')
    code.setAttribute('aria-label', '登记码'); code.autocapitalize = 'characters'
    show('登记这台终端', node('p', '请输入网点负责人在后台生成的登记码（30 分钟内有效）。'), code, button('登记', async () => {
      const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']), said = code.value.trim().toUpperCase()
      mine = { key: pair.privateKey }
      const t = await call('POST', 'terminals', { code: said, key: b64(await crypto.subtle.exportKey('raw', pair.publicKey)), signature: await sign('yimen terminal enrolment\n' + said) }, '')
      mine = { ...mine, ...t }
      await keep('me', mine); await start()
    }, 'main'))
    foot()
  }

  function home() {
    show('请选择', button('手机扫码办理（签到、申请、打印）', scan, 'main'), button('不登录，直接取号', choose))
    foot()
  }
  async function scan() {
    const c = await call('POST', 'terminal/codes', null, token), img = node('img', '')
    img.src = c.image; img.alt = '登录二维码'
    show('请用手机微信扫码', img, node('p', '在手机上核对终端名称后点“确认”。二维码一分钟内有效。', 'mid'))
    foot(button('返回', async () => { await call('DELETE', 'terminal/visit', null, token); home() }, 'end'))
    for (const here = turn; here === turn;) {
      await wait(1000)
      const v = await call('GET', 'terminal/visit', null, token)
      if (here !== turn) return
      if (v.state === 'confirmed') return enter()
      if (v.state !== 'shown') return home()
    }
  }
  async function enter() {
    const v = await call('POST', 'terminal/visit', null, token)
    person = v.token; ends = Date.parse(v.ends_at); touched = asked = Date.now()
    menu()
  }
  function menu() {
    show('您好，请选择要办的事', button('预约签到', async () => ticket((await call('POST', 'terminal/check-in')).ticket)), button('取号', choose),
      button('自助申请', items), button('打印受理回执和证照', papers))
    foot(button('结束并退出', () => leave(), 'end'))
  }
  async function leave(text) {
    if (leaving) return
    leaving = true
    await call('DELETE', 'terminal/visit', null, token).catch(() => {})
    over(text || ''); leaving = false
  }
  function over(text) { person = ''; ends = 0; $('sheet').replaceChildren(); $('left').textContent = ''; home(); tell(text) }

  function choose() {
    const q = node('input', ''), list = node('div', '')
    q.setAttribute('aria-label', '要办的事'); q.placeholder = '输入要办的事，如：居住证'
    list.className = 'list'
    show('取号：您来办什么事？', q, button('查找', async () => {
      const found = (await call('GET', 'items?limit=6&q=' + encodeURIComponent(q.value.trim()), null, '')).items.filter(i => i.kind === 'item')
      list.replaceChildren(...found.map(i => button(i.name, async () => ticket(await call('POST', 'terminal/tickets', { item: i.code })))), ...(found.length ? [] : [node('p', '没有找到，请换个说法，或到咨询台询问。')]))
    }, 'main'), list)
    foot(button('返回', back, 'end'))
  }
  function ticket(t) {
    const lines = [node('p', t.number, 'big'), node('p', t.people_before >= 0 ? '前面还有 ' + t.people_before + ' 人' : '', 'mid')]
    show('您的号码', ...lines, node('p', '请拍照或记下号码，在大厅等候叫号。', 'mid'), button('打印小票', () => { $('sheet').replaceChildren(...lines.map(l => l.cloneNode(true))); print() }))
    foot(button('好了', back, 'main'))
  }

  async function items() {
    const l = (await call('GET', 'terminal/items')).items
    show('自助申请', ...l.map(i => button(i.name, async () => form(await call('POST', 'terminal/cases', { item: i.code }), await call('GET', 'items/' + i.code, null, '')))))
    foot(button('返回', menu, 'end'))
  }
  function form(cs, guide) {
    const fields = guide.form.map(f => {
      const label = node('label', f.label + (f.required ? '（必填）' : '')), options = f.type === 'bool' ? ['true', 'false'] : f.enum || [], in_ = node(options.length ? 'select' : 'input', '')
      if (options.length) in_.append(...['', ...options].map(o => Object.assign(node('option', { true: '是', false: '否' }[o] || o), { value: o })))
      if (f.type === 'date') in_.type = 'date'
      in_.value = (cs.form || {})[f.name] || ''; in_.name = f.name
      if (/\d{8}/.test(in_.value)) in_.className = 'own'
      label.append(in_); return label
    })
    show(guide.name, ...fields, button('提交申请', async () => {
      const form = Object.fromEntries([...document.querySelectorAll('main [name]')].map(i => [i.name, i.value]))
      try {
        await call('PUT', 'cases/' + cs.id + '/form', { form })
        const r = await call('POST', 'terminal/cases/' + cs.id + '/submit')
        show(/accept/.test(r.outcome) ? '已受理' : '还没有受理', node('p', '办件编号 ' + r.case.number, 'mid'), node('p', /accept/.test(r.outcome) ? '进度会发到您的微信。' : '还缺材料，请在手机“我的办件”里拍照补齐。', 'mid'))
        foot(button('好了', menu, 'main'))
      } catch (p) {
        if (p.code && p.fields) p.detail += '：' + p.fields.map(f => f.text).join('；')
        throw p
      }
    }, 'main'), node('p', '没填完也可以离开：内容存为草稿，可在手机上继续，材料也可在手机上拍照上传。'))
    foot(button('返回', menu, 'end'))
  }

  const receipt = ['receipt', '受理回执'], due = { receipt, accepted: receipt, granted: receipt, closed: receipt, notified: ['notice', '补正告知书'], refused: ['decision', '决定书'] }
  async function papers() {
    const cases = (await call('GET', 'cases?limit=10')).items, licences = (await call('GET', 'licences?limit=10')).items
    show('打印', ...licences.map(l => button('证照：' + l.name, () => paper('licence', l.id))),
      ...cases.filter(c => c.state in due).map(c => button(due[c.state][1] + '：' + c.number, () => paper(due[c.state][0], c.id))),
      ...(licences.length || cases.length ? [] : [node('p', '没有可以打印的文书。')]))
    foot(button('返回', menu, 'end'))
  }
  async function paper(kind, subject) {
    const p = await call('POST', 'terminal/prints', { kind, subject }), path = 'terminal/prints/' + p.id
    await call('POST', path + '/begin', null, token)
    const page = new DOMParser().parseFromString(await call('GET', path + '/page', null, token, true), 'text/html'), host = node('div', ''), look = new CSSStyleSheet()
    look.replaceSync(page.querySelector('style').textContent)
    const root = host.attachShadow({ mode: 'closed' })
    root.adoptedStyleSheets = [look]; root.append(page.querySelector('main'))
    $('sheet').replaceChildren(host)
    print()
    const said = (text, outcome, name) => button(text, async () => {
      $('sheet').replaceChildren()
      await call('PUT', path, { outcome }, token)
      if (outcome !== 'printed') tell('没有打印成功，已通知网点。请换一台终端，或在手机上查看、到窗口打印。')
      menu()
    }, name)
    show('打印出来了吗？', said('打印好了', 'printed', 'main'), said('没有纸了', 'paper_out'), said('卡纸了', 'jam'), said('没有反应', 'offline'))
    foot()
  }

  // Without a network: say so, and give numbers of the own part of the block.
  async function offline() {
    const day = new Date().toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' }), used = await load('used') || {}, n = used.day === day ? used.n + 1 : mine && mine.slip_from
    person = ''; ends = 0; $('sheet').replaceChildren(); $('left').textContent = ''
    const can = mine && mine.slip_from && n <= mine.slip_to ? mine.items : []
    show('网络暂时中断', node('p', '现在不能登录、申请和打印，请稍候，或到窗口办理。'), ...can.map(i => button('取纸质号：' + i.name, async () => {
      await keep('used', { day, n })
      await keep('slips', [...await load('slips') || [], { id: crypto.randomUUID(), number: n, item: i.code, taken_at: new Date().toISOString() }])
      ticket({ number: 'P' + String(n).padStart(3, '0') })
      foot(button('好了', offline, 'main'))
    })))
    foot()
    for (const here = turn; here === turn;) {
      await wait(3000)
      if (await fetch('/livez').then(r => r.ok, () => false)) { if (here === turn) await go(start); return }
    }
  }
  async function late() {
    const slips = await load('slips') || []
    if (!slips.length) return
    await call('POST', 'terminal/slips', { sent_at: new Date().toISOString(), slips }, token)
    await keep('slips', [])
  }

  addEventListener('pointerdown', () => { touched = Date.now(); if (person && touched - asked > 10000) call('GET', 'me').catch(() => {}) })
  addEventListener('keydown', () => { touched = Date.now() })
  setInterval(() => {
    if (!person) return
    const s = Math.ceil((Math.min(ends, touched + 60000) - Date.now()) / 1000)
    $('left').textContent = s > 0 ? s + ' 秒后自动退出' : ''
    if (s <= 0) leave('长时间没有操作，已自动退出。没有办完的申请已存为草稿，可在手机上继续。')
  }, 500)
  async function start() {
    mine = await load('me')
    if (!mine) return enrol()
    await signIn()
    mine.items = (await call('GET', 'terminal/items', null, token)).items.slice(0, 12)
    await keep('me', mine)
    home()
  }
  go(start)
})()
