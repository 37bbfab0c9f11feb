// Owns the messages about the frame of every page, errors, and words that several areas need, in every language.
import type { Language } from '../languages.ts';
import ar from './frame/ar.json' with { type: 'json' };
import de from './frame/de.json' with { type: 'json' };
import en from './frame/en.json' with { type: 'json' };
import es from './frame/es.json' with { type: 'json' };
import fr from './frame/fr.json' with { type: 'json' };
import it from './frame/it.json' with { type: 'json' };
import ja from './frame/ja.json' with { type: 'json' };
import zh from './frame/zh.json' with { type: 'json' };

export const frame = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
