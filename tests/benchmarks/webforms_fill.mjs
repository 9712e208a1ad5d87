// Fills a form in with ODK Web Forms, under Node and in a browser alike.
//
// `answers` has one answer per line, "reference TAB value". Gives the lines of figures, in
// microseconds, as FormBench.java prints them, and the XML of the instance.
export async function fill(createInstance, xml, answers) {
  const lines = [];
  const micro = (start) => ((performance.now() - start) * 1000).toFixed(1);
  let before = performance.now();
  const { root } = await createInstance(xml, { instance: { stateFactory: (state) => state } });
  lines.push(`load ${micro(before)}`);
  const byReference = new Map();
  const ranges = new Map();
  const plain = (reference) => reference.replace(/\[1\]/g, '');
  const walk = (node) => {
    const reference = plain(node.currentState.reference);
    (node.nodeType.startsWith('repeat-range') ? ranges : byReference).set(reference, node);
    for (const child of node.currentState.children ?? []) walk(child);
  };
  walk(root);
  const times = [];
  const added = [];
  const cascades = [];
  for (const [reference, value] of answers.split('\n').filter(Boolean).map((l) => l.split('\t'))) {
    if (reference.startsWith('+')) {
      const range = ranges.get(plain(reference.slice(1).replace(/\[\d+\]$/, '')));
      before = performance.now();
      range.addInstances(range.currentState.children.length - 1);
      added.push(micro(before));
      walk(range.currentState.children.at(-1));
      continue;
    }
    if (reference.startsWith('~')) {
      const turned = byReference.get(plain(reference.slice(1)));
      const turns = value.split(' ');
      for (let turn = 0; turn < 30; turn++) {
        before = performance.now();
        turned.setValue(BigInt(turns[turn % turns.length]));
        cascades.push(micro(before));
      }
      continue;
    }
    const node = byReference.get(plain(reference));
    if (!node) throw new Error(`no ${reference}`);
    before = performance.now();
    if (node.nodeType === 'select') node.selectValues(value.split(' '));
    else if (typeof node.currentState.value === 'bigint' || node.valueType === 'int') node.setValue(BigInt(value));
    else if (node.valueType === 'decimal') node.setValue(Number(value));
    else node.setValue(value);
    times.push(micro(before));
  }
  lines.push(`answer ${times.join(' ')}`, `add ${added.join(' ')}`, `cascade ${cascades.join(' ')}`);
  const payload = await root.prepareInstancePayload();
  let instance = '';
  for (const data of payload.data) {
    const file = data.get('xml_submission_file');
    if (!file) continue;
    instance = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsText(file);
    });
  }
  return { lines, instance };
}
