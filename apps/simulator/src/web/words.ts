import { draws } from '../world/hash.js';

const COMMON =
  `about access account action after again air also animal answer area around article autumn bank before begin best
  better board book bridge bring build business call camera care carry centre change chapter child city class clear
  close cloud coast colour common company complete country course cover create culture current daily data decide deep
  design develop different document door drive early east edge education effect email energy engine enough even every
  example experience expert express family farm field figure final find first follow food force form forward found
  free front future garden general give glass good great green ground group grow guide half hand harbour health help
  high history home house idea image important include increase industry inform inside island issue item join journal
  keep kind know land language large late lead learn leave less letter level library light line list little local long
  look machine main make manage many map market material matter measure member method middle mile mind minute model
  month more morning mountain move music name nature near need network never news next night north note number offer
  office often open order other over page paper part people person photo place plan plant play point popular power
  practice present press price print process produce product program project protect public question quick rail rain
  reach read reason record report research rest result return review river road room round rule run school science
  season second section select serve service set share ship shop short show side simple site small social sound source
  south space special spring stage stand start state station step stone stop store story street strong student study
  subject summer supply support surface system table team test text theatre theory thing time today together tool town
  track trade train travel tree trip true turn under update use value version video view village visit voice walk water
  week well west wide wind window winter with wood word work world write year young café naïve façade`.split(
    /\s+/,
  );

const POISON =
  `casino jackpot viagra cialis payday loan replica cheap pills bonus winner lottery bitcoin doubler betting escort
  miracle weight-loss refinance claim prize`.split(/\s+/);

/** `count` words for people to read, without markup. */
export function phrase(seed: string, count: number, spam = false): string {
  const draw = draws(seed);
  const words = Array.from({ length: count }, () => draw.pick(spam && draw.chance(0.25) ? POISON : COMMON));
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export interface Paragraph {
  readonly text: string;
  readonly words: number;
}

/** Ready paragraphs: a page is put together from these, so that it costs next to nothing. */
function paragraphs(spam: boolean): readonly Paragraph[] {
  return Array.from({ length: 96 }, (_, index) => {
    const words = 18 + ((index * 37) % 80);
    return { text: `${phrase(`p${index}|${spam}`, words, spam)}.`, words };
  });
}

export const PARAGRAPHS: readonly Paragraph[] = paragraphs(false);
export const SPAM_PARAGRAPHS: readonly Paragraph[] = paragraphs(true);

/** Whole words as a reader sees them: runs of anything but white space. */
export function countWords(text: string): number {
  return text.trim() === '' ? 0 : text.trim().split(/\s+/).length;
}
