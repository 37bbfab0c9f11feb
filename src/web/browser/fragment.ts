// Owns taking a secret out of the address: what stands behind # is read once and wiped from the address bar and its place in
// the history before anything else is done. It is kept in memory alone.

/** What stood behind #, percent-decoded; empty if nothing did. */
export function takeFragment(): string {
  const text = location.hash.slice(1);
  if (location.href.includes('#')) history.replaceState(null, '', location.pathname + location.search);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
