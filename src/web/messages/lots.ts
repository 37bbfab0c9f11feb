// Owns the messages about lots of material and what a piece drew from them, in every language.
import type { Language } from '../languages.ts';
import ar from './lots/ar.json' with { type: 'json' };
import de from './lots/de.json' with { type: 'json' };
import en from './lots/en.json' with { type: 'json' };
import es from './lots/es.json' with { type: 'json' };
import fr from './lots/fr.json' with { type: 'json' };
import it from './lots/it.json' with { type: 'json' };
import ja from './lots/ja.json' with { type: 'json' };
import zh from './lots/zh.json' with { type: 'json' };

export const lots = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
