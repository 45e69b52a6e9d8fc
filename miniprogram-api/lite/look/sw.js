"use strict";
// Keeps the courier's run and its script for when there is no network, and
// nothing else. Signing out, or a session that has ended, takes it away.
const box = "yimen-run", run = "/lite/run";
const mine = url => url.origin === location.origin && (url.pathname === run || url.pathname === "/lite/lite.js");
self.oninstall = () => self.skipWaiting();
self.onactivate = e => e.waitUntil(self.clients.claim());
const keep = async (req, answer) => {
  const c = await caches.open(box);
  if (answer.ok && !answer.redirected) await c.put(req.url.split("?")[0], answer.clone());
  else if (answer.status === 401 || answer.status === 403) await c.delete(run);
  return answer;
};
self.onmessage = e => e.waitUntil(Promise.all([run, "/lite/lite.js"].map(u => fetch(u).then(a => keep({ url: new URL(u, location).href }, a)).catch(() => {}))));
self.onfetch = e => {
  if (e.request.method !== "GET" || !mine(new URL(e.request.url))) return;
  e.respondWith(fetch(e.request).then(a => keep(e.request, a)).catch(async () =>
    (await (await caches.open(box)).match(e.request.url.split("?")[0])) || Response.error()));
};
