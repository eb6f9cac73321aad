/** A sentence with the text between backticks as code. */
export function coded(sentence: string) {
  return sentence.split("`").map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
