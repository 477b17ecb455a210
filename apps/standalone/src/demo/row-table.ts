import type { CellView, RowView } from '@assay/contracts';
import Table from 'cli-table3';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly ask: string;
  /** The one number of this ask that says most. */
  readonly metric: string;
}

/** In the order of the flow; asks of a registry that are not listed here are left to page and export. */
const COLUMNS: readonly Column[] = [
  { title: 'HTTP', width: 7, ask: 'page', metric: 'http_status' },
  { title: 'A recs', width: 8, ask: 'dns', metric: 'a_count' },
  { title: 'Age, d', width: 8, ask: 'rdap', metric: 'age_days' },
  { title: 'Threats', width: 9, ask: 'safebrowsing', metric: 'threats' },
  { title: 'OPR', width: 7, ask: 'openpagerank', metric: 'open_page_rank' },
  { title: 'PA', width: 7, ask: 'moz.url', metric: 'page_authority' },
  { title: 'DA', width: 7, ask: 'moz.domain', metric: 'domain_authority' },
];
/** Twice as many rows on a screen. */
const NO_RULES_BETWEEN_ROWS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const INDICATORS = [9, 9];
const NARROWEST = 100;
const BORDERS = COLUMNS.length + INDICATORS.length + 2;
const FIXED = [...COLUMNS.map(({ width }) => width), ...INDICATORS].reduce((sum, width) => sum + width, 0);

/** A table of rows that fits a terminal of `columns` (100 at least). Every empty cell says why. */
export function rowTable(rows: readonly RowView[], columns: number): string {
  const urlWidth = Math.min(70, Math.max(NARROWEST, columns) - FIXED - BORDERS);
  const table = new Table({
    head: ['URL', ...COLUMNS.map(({ title }) => title), 'Spam', 'Quality'],
    colWidths: [urlWidth, ...COLUMNS.map(({ width }) => width), ...INDICATORS],
    style: { head: [], border: [] },
    chars: NO_RULES_BETWEEN_ROWS,
  });
  for (const row of rows) {
    table.push([
      shorten(row.url, urlWidth - 2),
      ...COLUMNS.map(({ ask, metric, width }) => shorten(cellText(row.cells[ask], metric), width - 2)),
      percent(row.spam?.probability),
      row.quality?.score === null || row.quality === null ? '–' : String(Math.round(row.quality.score)),
    ]);
  }
  return table.toString();
}

/** The number; without one the outcome, and for failed and skipped the reason. */
export function cellText(cell: CellView | undefined, metric: string): string {
  if (!cell) return 'open';
  const value = cell.numbers?.[metric];
  if (value !== undefined && value !== null) return String(value);
  return cell.detail ?? cell.outcome;
}

export function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

function percent(probability: number | null | undefined): string {
  return probability === null || probability === undefined ? '–' : `${Math.round(probability * 100)} %`;
}
