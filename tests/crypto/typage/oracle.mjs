// One JSON request a line on standard input, one answer a line on standard output.
import { createInterface } from "node:readline";
import * as age from "age-encryption";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const text = (data) => Buffer.from(data).toString("base64");

const actions = {
  async keys({ kind }) {
    const make = kind === "hybrid" ? age.generateHybridIdentity : age.generateX25519Identity;
    const identity = await make();
    return { identity, recipient: await age.identityToRecipient(identity) };
  },
  async recipient({ identity }) {
    return { recipient: await age.identityToRecipient(identity) };
  },
  async encrypt({ recipients, data, armored }) {
    const encrypter = new age.Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    const file = await encrypter.encrypt(bytes(data));
    return { data: armored ? text(age.armor.encode(file)) : text(file) };
  },
  async decrypt({ identity, data, armored }) {
    const decrypter = new age.Decrypter();
    decrypter.addIdentity(identity);
    const file = armored ? age.armor.decode(Buffer.from(data, "base64").toString()) : bytes(data);
    return { data: text(await decrypter.decrypt(file)) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await actions[request.action](request);
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
