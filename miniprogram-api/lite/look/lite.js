"use strict";
// Every page works without this file. It adds: the camera as a scanner, a
// signature drawn with a finger, smaller photos, printing, and a courier's acts
// kept while there is no network.
(() => {
const all = (q, f, at) => (at || document).querySelectorAll(q).forEach(f);
const make = (tag, text, after) => { const e = document.createElement(tag); e.textContent = text; if (after) after.after(e); return e; };

all("[data-print]", b => { b.hidden = false; b.onclick = () => print(); });

// A form that is on its way is not sent again by a second tap.
all("form", f => f.addEventListener("submit", e => {
  if (e.defaultPrevented) return;
  if (f.dataset.sent) { e.preventDefault(); return; }
  f.dataset.sent = 1;
  setTimeout(() => delete f.dataset.sent, 8000);
}));
addEventListener("pageshow", () => all("form", f => delete f.dataset.sent));

// Photos go out at 1600 pixels: weak signal would not carry more.
all("[data-shrink]", i => i.onchange = async () => {
  const file = i.files[0];
  if (!file || !file.type.startsWith("image/") || file.size < 400000 || !self.createImageBitmap) return;
  try {
    const b = await createImageBitmap(file), s = Math.min(1, 1600 / Math.max(b.width, b.height));
    const c = make("canvas", "");
    c.width = b.width * s; c.height = b.height * s;
    c.getContext("2d").drawImage(b, 0, 0, c.width, c.height);
    const out = await new Promise(r => c.toBlob(r, "image/jpeg", .8));
    if (out && out.size < file.size) {
      const d = new DataTransfer();
      d.items.add(new File([out], "photo.jpg", { type: "image/jpeg" }));
      i.files = d.files;
    }
  } catch (e) { /* it is sent as it is */ }
});

// A signature.
all("canvas", c => {
  const g = c.getContext("2d"), form = c.closest("form"), into = form.querySelector("[data-drawn]");
  let drawn = false;
  g.lineWidth = 4; g.lineCap = g.lineJoin = "round"; g.strokeStyle = "#000";
  const clear = () => { g.fillStyle = "#fff"; g.fillRect(0, 0, c.width, c.height); drawn = false; };
  const at = e => { const r = c.getBoundingClientRect(); return [(e.clientX - r.left) * c.width / r.width, (e.clientY - r.top) * c.height / r.height]; };
  clear();
  c.closest("[data-needs-script]").hidden = false;
  c.onpointerdown = e => { c.setPointerCapture(e.pointerId); g.beginPath(); g.moveTo(...at(e)); e.preventDefault(); };
  c.onpointermove = e => { if (e.buttons || e.pressure) { g.lineTo(...at(e)); g.stroke(); drawn = true; } };
  form.querySelector("[data-clear]").onclick = clear;
  form.addEventListener("submit", () => into.value = drawn ? c.toDataURL("image/png") : "");
});

// The camera reads codes where the browser can; otherwise one types.
if (self.BarcodeDetector && navigator.mediaDevices) all("[data-scan]", i => {
  const b = make("button", "扫码", i);
  b.type = "button";
  b.onclick = async () => {
    const v = make("video", "", b);
    v.playsInline = true;
    let s;
    try {
      s = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      v.srcObject = s;
      await v.play();
      const d = new BarcodeDetector();
      for (let n = 0; n < 150; n++) {
        const found = await d.detect(v);
        if (found.length) { i.value = found[0].rawValue.replace(/^yimen:[a-z]+:/, ""); break; }
        await new Promise(r => setTimeout(r, 200));
      }
    } catch (e) { i.placeholder = "打不开相机，请输入"; }
    if (s) s.getTracks().forEach(t => t.stop());
    v.remove();
    i.focus();
  };
});

// The courier's run.
const box = document.getElementById("unsent");
if (!box || !self.indexedDB) return;
const said = box.querySelector("p"), list = box.querySelector("ul");
const find = document.getElementById("scan");
find.hidden = false;
find.addEventListener("submit", e => {
  e.preventDefault();
  const q = find.querySelector("input").value.trim().replace(/^yimen:[a-z]+:/, "");
  const hit = q && [...document.querySelectorAll("[data-number]")].find(li => li.id === "w-" + q || li.dataset.number.toUpperCase() === q.toUpperCase());
  find.querySelector("input").setCustomValidity(hit ? "" : "这里没有这个单号的邮件");
  if (hit) { hit.scrollIntoView(); hit.tabIndex = -1; hit.focus(); } else find.reportValidity();
});
find.querySelector("input").oninput = e => e.target.setCustomValidity("");

const opened = new Promise((ok, no) => {
  const r = indexedDB.open("yimen-run", 1);
  r.onupgradeneeded = () => r.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true });
  r.onsuccess = () => ok(r.result);
  r.onerror = () => no(r.error);
});
const store = async (mode, f) => {
  const tx = (await opened).transaction("acts", mode), r = f(tx.objectStore("acts"));
  return new Promise((ok, no) => { tx.oncomplete = () => ok(r && r.result); tx.onerror = tx.onabort = () => no(tx.error); });
};
const acts = () => store("readonly", s => s.getAll());
const words = { pick_up: "取件", deliver: "签收", fail: "没送到", return: "带回网点", arrive: "到楼下了", set_out: "出发派送", pass: "转交" };

async function show(text) {
  const kept = await acts(), open = kept.filter(a => !a.failed);
  box.hidden = !kept.length && !text;
  said.textContent = text || (open.length ? "还有 " + open.length + " 条没有发出，有网络时自动发送" : "");
  list.replaceChildren(...kept.map(a => {
    const li = make("li", (a.label || "") + " " + words[a.act] + (a.failed ? "：" + a.failed : "（未发出）"));
    if (a.failed) {
      const b = make("button", "知道了");
      b.type = "button"; b.className = "plain";
      b.onclick = async () => { await store("readwrite", s => { s.delete(a.seq); }); show(); };
      li.append(" ", b);
    }
    return li;
  }));
  box.querySelector(".acts").hidden = !open.length;
  all("li[data-number]", li => {
    const mine = open.filter(a => "w-" + a.waybill === li.id).pop();
    li.classList.toggle("kept", !!mine);
    all("button", b => b.disabled = !!mine && !["arrive", "set_out"].includes(mine.act), li);
  });
}

let sending = false;
async function send() {
  const kept = (await acts()).filter(a => !a.failed);
  if (sending || !kept.length) return show();
  sending = true;
  try {
    const body = new URLSearchParams({ _guard: box.dataset.guard, acts_batch: JSON.stringify({
      sent_at: new Date().toISOString(),
      acts: kept.slice(0, 100).map(({ id, at, waybill, act, code, digits, reason, note, to }) => ({ id, at, waybill, act, code, digits, reason, note, to })),
    }) });
    const r = await fetch(box.dataset.run, { method: "POST", body, redirect: "error" });
    if (r.status === 401) return await show("登录已失效，没有发出的都还在。请点“刷新”重新登录。");
    const out = await r.json();
    if (!r.ok) return await show(out.detail);
    const result = Object.fromEntries(out.map(o => [o.id, o]));
    await store("readwrite", s => kept.forEach(a => {
      const o = result[a.id];
      if (!o) return;
      if (o.result === "conflict") s.put({ ...a, failed: o.detail || "没有办成，网点会处理", code: "", digits: "" }); else s.delete(a.seq);
    }));
    if (out.some(o => o.result !== "conflict")) location.replace("/lite/run"); else await show();
  } catch (e) {
    await show();
  } finally { sending = false; }
}

all("form[data-act]", f => f.addEventListener("submit", async e => {
  const d = new FormData(f), photo = d.get("photo");
  if (photo && photo.size) { // a picture is sent at once, or not at all
    if (navigator.onLine) return;
    e.preventDefault();
    return show("有照片的签收要有网络，请稍后再提交");
  }
  e.preventDefault();
  const text = n => (d.get(n) || "").toString().trim();
  if (f.dataset.act === "deliver" && !text("code") && !text("digits")) return f.querySelector("[name=code]").focus();
  await store("readwrite", s => { s.add({
    id: crypto.randomUUID ? crypto.randomUUID() : Date.now() + "-" + Math.random().toString(36).slice(2), at: new Date().toISOString(),
    act: f.dataset.act, label: f.closest("[data-number]").dataset.number, waybill: text("waybill"),
    code: text("code"), digits: text("digits"), reason: text("reason"), note: text("note"), to: text("to"),
  }); });
  f.reset();
  await show();
  send();
}, true));
box.querySelector(".acts button").onclick = send;
addEventListener("online", send);
setInterval(send, 20000);
const out = document.getElementById("sign-out");
if (out) out.addEventListener("submit", e => { if (!box.hidden && !list.dataset.warned) { e.preventDefault(); list.dataset.warned = 1; show("还有没发出的，退出后要重新登录才能发送。再点一次退出。"); } else if (self.caches) caches.delete("yimen-run"); }, true);
if (navigator.serviceWorker) navigator.serviceWorker.register("/lite/sw.js", { scope: "/lite/" }).then(() => navigator.serviceWorker.ready).then(r => r.active.postMessage("keep"));
send();
})();
