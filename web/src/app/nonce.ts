/** What allows the style elements that components write (Content-Security-Policy). Undefined in development. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;

// The components that lock scrolling ask for it by this name.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
