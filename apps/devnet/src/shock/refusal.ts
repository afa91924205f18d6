/** What a user of a command can be told in a line: it is no bug. */
export class DevnetRefusal extends Error {
  override readonly name = 'DevnetRefusal'
}
