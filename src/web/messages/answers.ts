// Owns the messages about the front door, unknown codes and errors, in every language.
import type { Language } from '../languages.ts';
import ar from './answers/ar.json' with { type: 'json' };
import de from './answers/de.json' with { type: 'json' };
import en from './answers/en.json' with { type: 'json' };
import es from './answers/es.json' with { type: 'json' };
import fr from './answers/fr.json' with { type: 'json' };
import it from './answers/it.json' with { type: 'json' };
import ja from './answers/ja.json' with { type: 'json' };
import zh from './answers/zh.json' with { type: 'json' };

export const answers = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
