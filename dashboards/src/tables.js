// The two tables that the charts count, and the order of their closed lists (sql/marts/dashboard_*.sql).
import { TableRefNode } from '@uwdata/mosaic-sql';

export const APPEARANCES = new TableRefNode(['marts', 'dashboard_appearances']);
export const TEXTS = new TableRefNode(['marts', 'dashboard_articles']);

export const AGES = ['after capture', 'under an hour', 'under 6 hours', 'under a day', 'under a week', 'under 30 days', 'under a year', 'a year or more', 'not known'];
export const ORIGINS = ['written with its zone', 'written, zone of the publisher', 'written without a zone', 'counted from the capture', 'printed, not placed', 'none printed'];
export const CERTAINTIES = ['within an hour', 'within a day', 'within 3 days', 'wider', 'not dated'];
