/** How forge ended. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs forge in the package's folder to its end. */
export function runForge(args: readonly string[], environment?: Readonly<Record<string, string>>): Ended
