// Owns the messages about feedback, suspicions, gift messages and scans, in every language.
import type { Language } from '../languages.ts';
import ar from './visitor/ar.json' with { type: 'json' };
import de from './visitor/de.json' with { type: 'json' };
import en from './visitor/en.json' with { type: 'json' };
import es from './visitor/es.json' with { type: 'json' };
import fr from './visitor/fr.json' with { type: 'json' };
import it from './visitor/it.json' with { type: 'json' };
import ja from './visitor/ja.json' with { type: 'json' };
import zh from './visitor/zh.json' with { type: 'json' };

export const visitor = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
