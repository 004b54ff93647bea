// Buttons that put the marks of a paper's text into its editor. In [data-marks-for="ID of the textarea"], which is
// hidden without this: [data-mark] puts a mark before each line of the selection, or takes it away where every line has
// it; [data-line] adds a line of its own below. What they do goes into the browser's own history, so that undo works.

const MARK = /^(?:#{1,4}\s+|~\s+)?/;

function linesOf(text, start, end) {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const to = text.indexOf("\n", Math.max(start, end - 1));
  return [from, to < 0 ? text.length : to];
}

function put(area, from, to, text) {
  area.focus();
  area.setSelectionRange(from, to);
  // Deprecated, and the one way that keeps undo; where it is gone, the text still changes.
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(area, sign) {
  const [from, to] = linesOf(area.value, area.selectionStart, area.selectionEnd);
  const lines = area.value.slice(from, to).split("\n");
  const has = sign && lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (has ? "" : sign) + line.replace(MARK, "")).join("\n");
  put(area, from, to, changed);
  area.setSelectionRange(from, from + changed.length);
}

function addLine(area, line) {
  const [, to] = linesOf(area.value, area.selectionStart, area.selectionEnd);
  put(area, to, to, `\n${line}`);
}

for (const bar of document.querySelectorAll("[data-marks-for]")) {
  const area = document.getElementById(bar.dataset.marksFor);
  bar.hidden = !area;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !area) return;
    if ("mark" in button.dataset) mark(area, button.dataset.mark);
    else if (button.dataset.line) addLine(area, button.dataset.line);
  });
}
