import { h } from './dom.js';

/** Asks before something that cannot be undone; false where it is closed in any other way than by `yes`. */
export function confirmBox(question: string, yes: string): Promise<boolean> {
  const go = h('button', { type: 'submit', class: 'danger', value: 'yes' }, yes);
  const back = h('button', { type: 'submit', value: 'no', autofocus: true }, 'Go back');
  const text = h('p', { id: 'confirm-text' }, question);
  const form = h('form', { method: 'dialog', class: 'stack' }, text, h('div', { class: 'row' }, back, go));
  const box = h('dialog', { class: 'confirm', 'aria-labelledby': 'confirm-text' }, form);
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener('close', () => {
      box.remove();
      resolve(box.returnValue === 'yes');
    });
  });
}
