// Owns keeping the language that a visitor chose by the switch when a script leads her on, as the links of its page do.

/** A path of this service, in the page's language if she chose it; what stands behind # stays behind it. */
export function inChosenLanguage(path: string): string {
  const chosen = new URLSearchParams(location.search).get('lang');
  if (chosen === null) return path;
  const [before = '', ...fragment] = path.split('#');
  return [`${before}?lang=${encodeURIComponent(chosen)}`, ...fragment].join('#');
}
