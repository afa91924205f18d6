/** Asks the indexer, as any dashboard does. */
export type AskGraphql = <Answer>(
  query: string,
  variables?: Readonly<Record<string, string>>,
) => Promise<Answer>

const TIMEOUT_MS = 5_000

/** Makes a client of one GraphQL endpoint. Throws what the server says when it refuses. */
export function graphqlClient(url: string): AskGraphql {
  return async <Answer>(query: string, variables: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const answer = (await response.json()) as {
      data?: Answer | null
      errors?: readonly { message: string }[]
    }
    if (answer.errors !== undefined || answer.data === undefined || answer.data === null) {
      throw new Error(
        `GraphQL: ${answer.errors?.map(({ message }) => message).join('; ') ?? response.statusText}`,
      )
    }
    return answer.data
  }
}
