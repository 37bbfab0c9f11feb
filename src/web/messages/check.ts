// Owns the messages about checking a piece oneself, and scanning in the page, in every language.
import type { Language } from '../languages.ts';
import ar from './check/ar.json' with { type: 'json' };
import de from './check/de.json' with { type: 'json' };
import en from './check/en.json' with { type: 'json' };
import es from './check/es.json' with { type: 'json' };
import fr from './check/fr.json' with { type: 'json' };
import it from './check/it.json' with { type: 'json' };
import ja from './check/ja.json' with { type: 'json' };
import zh from './check/zh.json' with { type: 'json' };

export const check = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
