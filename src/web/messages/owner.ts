// Owns the messages about an owner’s pieces: handover, reports, consents, live proof, in every language.
import type { Language } from '../languages.ts';
import ar from './owner/ar.json' with { type: 'json' };
import de from './owner/de.json' with { type: 'json' };
import en from './owner/en.json' with { type: 'json' };
import es from './owner/es.json' with { type: 'json' };
import fr from './owner/fr.json' with { type: 'json' };
import it from './owner/it.json' with { type: 'json' };
import ja from './owner/ja.json' with { type: 'json' };
import zh from './owner/zh.json' with { type: 'json' };

export const owner = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
