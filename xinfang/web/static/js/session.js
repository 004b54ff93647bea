// A page may stay open longer than its reader is signed in, and somebody else may sign in in another tab. A form is
// sent with the token of now and says for whom its page was made, so it can be sent after signing in again, and never
// in another's name.
const madeFor = document.body.dataset.madeFor ?? "";
const COOKIE = /^(?:__Host-)?xinfang_csrf=/;

// After a new sign-in the page's own token is out of date, the cookie's is not.
export function token() {
  const cookie = document.cookie.split("; ").find((c) => COOKIE.test(c));
  return cookie?.replace(COOKIE, "") || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
}

// For everything a script asks the server: answered in JSON, with 401 when nobody is signed in and 409 when it is
// somebody else.
export const asking = () => ({
  Accept: "application/json", "X-CSRFToken": token(), ...(madeFor && { "X-Made-For": madeFor }),
});

document.addEventListener("formdata", (event) => {
  if (event.target.getAttribute("method")?.toLowerCase() !== "post") return;
  if (event.formData.has("csrfmiddlewaretoken")) event.formData.set("csrfmiddlewaretoken", token());
  if (madeFor) event.formData.set("made_for", madeFor);
});

document.addEventListener("htmx:configRequest", (event) => {
  const { headers, parameters } = event.detail;
  headers["X-CSRFToken"] = token();
  if (parameters.csrfmiddlewaretoken) parameters.csrfmiddlewaretoken = token();
});

// ---- the bar that says so

const WORDS = {
  401: ["登录已结束。填写的内容仍在本页，还没有提交。请", "在新标签页登录", "，再回到这里提交。", "login"],
  409: ["现在登录的是另一位同事。这里填写的内容没有记到别人名下，也没有提交，仍在本页。请", "在新标签页退出", "，由本人登录后回到这里提交。", "account"],
};

function bar() {
  return document.getElementById("session-bar");
}

// `status` is 401 or 409, as the server answered.
export function ended(status) {
  if (bar()?.dataset.status === String(status)) return;
  bar()?.remove();
  const [before, label, after, where] = WORDS[status];
  const box = document.createElement("div");
  box.id = "session-bar";
  box.className = "session-bar no-print";
  box.dataset.status = String(status);
  box.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = document.body.dataset[where];
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = label;
  const words = document.createElement("p");
  words.append(before, link, after);
  box.append(words);
  document.getElementById("main")?.prepend(box);
}

// The server answers again: what waited for that is told.
export function isBack() {
  if (!bar()) return;
  bar().remove();
  document.dispatchEvent(new CustomEvent("session:back"));
}

async function look() {
  if (!bar() || document.visibilityState === "hidden") return;
  try {
    const answer = await fetch(document.body.dataset.drafts.replace("FORM", "session"), {
      credentials: "same-origin", redirect: "manual", headers: asking(),
    });
    if (answer.ok) isBack();
    else if (answer.status in WORDS) ended(answer.status);
  } catch {
    // No line: looked again the next time.
  }
}

addEventListener("focus", look);
document.addEventListener("visibilitychange", look);
