export type Child = Node | string | number | null | undefined | false;

interface Props {
  readonly class?: string | undefined;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Any other attribute; `true` sets it empty, `false` and undefined leave it out. */
  readonly [attribute: string]: unknown;
}

/** An element. Texts become text nodes: nothing that came from a list or a provider is ever read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'on' || value === false || value === undefined || value === null) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [event, listener] of Object.entries(props.on ?? {})) element.addEventListener(event, listener);
  element.append(...nodes(children));
  return element;
}

/** Puts these in place of all children. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...nodes(children));
}

function nodes(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** The element of this id; the page's HTML has it. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new ReferenceError(`the page has no #${id}`);
  return element;
}
