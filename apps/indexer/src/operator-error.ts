/** What whoever runs the indexer can put right: told in one line, without a stack. */
export class OperatorError extends Error {
  constructor(text: string, options: { cause?: unknown } = {}) {
    super(text, options)
    this.name = 'OperatorError'
  }
}
