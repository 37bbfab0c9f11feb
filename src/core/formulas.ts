// Owns what a spreadsheet would run: cells that begin as a formula does. They leave with an apostrophe before it, which
// a spreadsheet reads as "this is text", and lose that one apostrophe when they come back in a file that was made here.

/** Full-width signs count as the plain ones in some languages' versions. */
const SIGN = '[=+\\-@＝＋－＠]';
/**
 * Where a cell begins: at its beginning, and behind whatever another spreadsheet's settings may take for the end of a
 * cell, since a quoted "a;=1" in a file with commas falls apart where semicolons separate.
 */
const BEGINNING = '(?<=^|[;\\t\\r\\n])';
const DANGER = `(?:(?='*[ "]*${SIGN})|(?<=^'?)(?='*[\\t\\r\\n]))`;
const DEFUSE = new RegExp(`${BEGINNING}${DANGER}`, 'g');
const UNDO = new RegExp(`${BEGINNING}'${DANGER}`, 'g');

export function defused(cell: string): string {
  return cell.replace(DEFUSE, "'");
}

/** The cell that `defused` was given. */
export function undefused(cell: string): string {
  return cell.replace(UNDO, '');
}
