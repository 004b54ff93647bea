// An urgent event reaches who has a page open, also behind other windows: a notification of the browser and a sound,
// for who has asked for them on this computer ([data-alarm-toggle] on the page 突发事件). body[data-alarm] is asked
// every half minute which events wait for this person; each is told once. It is no sign of life, so it keeps no session
// open.
const EVERY = 30_000;
const KEY = "xinfang-alarm";
const TOLD = "xinfang-alarm-told";
const address = document.body.dataset.alarm;

function wanted() {
  return localStorage.getItem(KEY) === "on" && "Notification" in globalThis && Notification.permission === "granted";
}

function sound() {
  const audio = new AudioContext();
  for (const at of [0, 0.35, 0.7]) {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    tone.frequency.value = 880;
    loudness.gain.value = 0.2;
    tone.connect(loudness).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.2);
  }
  setTimeout(() => audio.close(), 1500);
}

function tell(events) {
  const told = JSON.parse(localStorage.getItem(TOLD) ?? "[]");
  const fresh = events.filter((event) => !told.includes(event.number));
  if (fresh.length === 0) return;
  localStorage.setItem(TOLD, JSON.stringify([...told, ...fresh.map((event) => event.number)].slice(-30)));
  for (const event of fresh) {
    const shown = new Notification(`突发事件 ${event.number}`, { body: event.words, requireInteraction: true });
    shown.addEventListener("click", () => {
      globalThis.focus();
      location.assign(event.url);
    });
  }
  sound();
}

async function look() {
  if (!wanted()) return;
  const answer = await fetch(address, { headers: { "X-Live": "1" }, redirect: "manual" }).catch(() => null);
  if (answer?.ok) tell((await answer.json()).events);
}

function words(button) {
  button.textContent = wanted() ? "关闭本机的提醒和声音" : "有突发事件时，在本机弹出提醒和声音";
}

for (const button of address ? document.querySelectorAll("[data-alarm-toggle]") : []) {
  if (!("Notification" in globalThis)) break;
  button.hidden = false;
  words(button);
  button.addEventListener("click", async () => {
    const off = wanted();
    if (!off && await Notification.requestPermission() !== "granted") {
      button.textContent = "浏览器没有允许提醒：请在地址栏左侧的网站设置中允许";
      return;
    }
    localStorage.setItem(KEY, off ? "off" : "on");
    words(button);
    look();
  });
}

if (address) {
  look();
  setInterval(look, EVERY);
}
