// Owns the check in one piece, for the file that is kept: the page's own, with nothing left to load.
import './check.page.ts';
