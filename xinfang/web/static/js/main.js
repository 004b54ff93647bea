// Everything here is a convenience: each page works, perhaps less comfortably, without it.
import "./trusted.js";
import "./session.js";
import "./confirm.js";
import "./once.js";
import "./keys.js";
import "./busy.js";
import "./suggests.js";
import "./phrases.js";
import "./typing.js";
import "./alarm.js";
import "./show_password.js";
import "./outbox.js";
import { startRows } from "./rows.js";
import { startDepends } from "./depends.js";
import { startDrafts } from "./drafts.js";

startRows(document);
startDepends(document);
startDrafts(document);

// A piece that htmx brings in gets the same help as the page it lands on.
document.addEventListener("htmx:load", (event) => {
  startRows(event.target);
  startDepends(event.target);
  startDrafts(event.target);
});

// Pages that answer a form with an error lead back to it, where its draft is offered.
for (const button of document.querySelectorAll("[data-back]")) {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back());
}

// A refused form: the reasons are read out first.
document.querySelector(".error-summary")?.focus();

// Paper has no triangles to click: show what is folded, then fold it again.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  opened = [];
});
