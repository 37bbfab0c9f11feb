// Owns the only script elements there are: a module of this service's own, a block of data that nothing executes, and, in a
// file to keep that has nowhere to load anything from, the whole script. What stands in them never comes from a template.
import { escapeHtml, Html } from './html.ts';

/** A module served from this origin, as `script-src 'self'` allows. @param name of an entry in src/web/browser */
export function moduleScript(name: string): Html {
  return Html.made(`<script type="module" src="${escapeHtml(modulePath(name))}"></script>`);
}

export function modulePath(name: string): string {
  return `/assets/js/${name}.js`;
}

/** Data for a script of the page, or for whoever reads the page by program. Never executed, so no policy need allow it. */
export function dataBlock(
  value: unknown,
  { id, type = 'application/json' }: { id?: string; type?: string } = {},
): Html {
  // No character that could end the element, or begin another one, stands in it.
  const text = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Html.made(
    `<script type="${escapeHtml(type)}"${id === undefined ? '' : ` id="${escapeHtml(id)}"`}>${text}</script>`,
  );
}

/** For a document of its own, whose policy names this very text by its hash. Pages that are served never carry one. */
export function inlineScript(text: string): Html {
  if (/<\/script|<!--/i.test(text)) throw new Error('this script would end its own element');
  return Html.made(`<script>${text}</script>`);
}
