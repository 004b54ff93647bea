// A password can be looked at while it is typed, on wish; it is hidden again before it is sent.
for (const input of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? "隐藏密码" : "显示密码";
    button.setAttribute("aria-pressed", String(shown));
  };
  show(false);
  // A browser that corrects or learns words must not do so with a password.
  input.spellcheck = false;
  input.autocapitalize = "none";
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  input.form?.addEventListener("submit", () => show(false));
  input.after(button);
}
