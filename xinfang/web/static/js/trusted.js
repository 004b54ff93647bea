// Where the browser knows Trusted Types, text turns into page content only through this policy (the server's header
// says so). It takes markup of our own server without scripts; code and script addresses made of text are refused
// altogether. What people wrote arrives escaped, so a < always begins one of our own tags.
const SCRIPTS = /<\s*(script|iframe|object|embed|base|meta)\b|<[^>]*[\s"'/]on[a-z]+\s*=|<[^>]*javascript:/i;

globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (text) => (SCRIPTS.test(text) ? null : text),
});
