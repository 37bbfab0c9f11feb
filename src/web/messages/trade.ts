// Owns the messages about the page for trade, in every language.
import type { Language } from '../languages.ts';
import ar from './trade/ar.json' with { type: 'json' };
import de from './trade/de.json' with { type: 'json' };
import en from './trade/en.json' with { type: 'json' };
import es from './trade/es.json' with { type: 'json' };
import fr from './trade/fr.json' with { type: 'json' };
import it from './trade/it.json' with { type: 'json' };
import ja from './trade/ja.json' with { type: 'json' };
import zh from './trade/zh.json' with { type: 'json' };

export const trade = { en, fr, de, it, es, zh, ja, ar } satisfies Record<Language, Record<keyof typeof en, string>>;
