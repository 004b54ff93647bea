// Whether a key only confirms or steers an input method's candidates: then it isn't a key for the page. Some browsers
// and input methods say so by isComposing, some (Safari, for the Enter that ends the composition) only by the code 229.
export const composing = (event) => event.isComposing || event.keyCode === 229;
