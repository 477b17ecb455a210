import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { Refusal } from '../problem.js';
import { StringCap } from './cap-strings.js';

export interface JsonListHandler {
  /** An element of `urls`; `number` is its position from 1. */
  onElement(number: number, value: unknown): void;
  /** Everything beside `urls`, as it stands. */
  onOption(name: string, value: unknown): void;
}

/** Options nest two deep; anything deeper is not ours and would only take memory. */
const DEEPEST = 4;
/** Tokens that one element or option may take. */
const LONGEST_VALUE_TOKENS = 1_000;
/** Bytes without any token: blanks or an endless number. */
const LONGEST_GAP_BYTES = 1024 * 1024;

const OPENS = new Set<TokenType>([TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET]);
const CLOSES = new Set<TokenType>([TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET]);

/**
 * Reads `{"urls": […], …}` as it arrives: elements of `urls` go to the handler one by one and are
 * forgotten, wherever the other members stand.
 * @throws Refusal (400) for what is not such a document
 */
export class JsonList {
  private readonly cap = new StringCap();
  private readonly tokenizer = new Tokenizer({ stringBufferSize: 64 * 1024 });
  private readonly parser: TokenParser;
  private depth = 0;
  private tokens = 0;
  private gap = 0;
  private lastText = '';
  private expectsList = false;
  private elements = 0;

  constructor(optionNames: readonly string[], handler: JsonListHandler) {
    const paths = ['$.urls.*', ...optionNames.map((name) => `$.${name}`)];
    this.parser = new TokenParser({ paths, keepStack: false });
    this.parser.onValue = ({ value, key, stack }) => {
      if (stack.length === 1) handler.onOption(String(key), value);
      else handler.onElement((this.elements += 1), value);
    };
    this.tokenizer.onToken = (token) =>
      this.onToken(token.token, token.value, optionNames, () => this.parser.write(token));
  }

  push(chunk: Buffer): void {
    const capped = this.cap.push(chunk);
    this.gap += capped.length;
    this.readable(() => this.tokenizer.write(capped));
    if (this.gap > LONGEST_GAP_BYTES) throw new Refusal(400, TOO_LARGE);
  }

  end(): void {
    this.readable(() => {
      if (!this.tokenizer.isEnded) this.tokenizer.end();
      if (!this.parser.isEnded) throw new Error('it ends too early');
    });
  }

  private readable(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(400, BROKEN, { cause: error });
    }
  }

  private onToken(token: TokenType, value: unknown, known: readonly string[], write: () => void): void {
    this.gap = 0;
    if (this.depth === 0 && token !== TokenType.LEFT_BRACE)
      throw new Refusal(400, token === TokenType.LEFT_BRACKET ? BARE_LIST : NO_OBJECT);
    if (this.expectsList && token !== TokenType.LEFT_BRACKET) throw new Refusal(400, NO_LIST);
    this.expectsList = false;
    if (this.depth === 1 && token === TokenType.COLON) this.onKey(known);
    if (token === TokenType.STRING && this.depth === 1) this.lastText = String(value);
    if (OPENS.has(token)) this.depth += 1;
    if (CLOSES.has(token)) this.depth -= 1;
    this.tokens = this.depth <= 1 || (token === TokenType.COMMA && this.depth === 2) ? 0 : this.tokens + 1;
    if (this.depth > DEEPEST || this.tokens > LONGEST_VALUE_TOKENS) throw new Refusal(400, TOO_LARGE);
    write();
  }

  private onKey(known: readonly string[]): void {
    if (this.lastText === 'urls') this.expectsList = true;
    else if (!known.includes(this.lastText)) {
      throw new Refusal(
        400,
        `There is no option "${this.lastText.slice(0, 64)}". Known: urls, ${known.join(', ')}.`,
      );
    }
  }
}

const BROKEN =
  'The JSON is broken or ends too early; nothing was kept. Send {"urls": ["https://…", …]} whole, or a text/plain list with a URL a line.';
const BARE_LIST = 'The list must stand in an object: send {"urls": ["https://…", …]}.';
const NO_OBJECT = 'Send a JSON object: {"urls": ["https://…", …]}.';
const NO_LIST = '"urls" must be a list of texts: {"urls": ["https://…", …]}.';
const TOO_LARGE = 'A single value in the JSON is too large or nested too deep. "urls" takes plain texts.';
