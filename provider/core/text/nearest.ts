/**
 * The candidates that resemble a word, nearest first, letter case ignored: for "did you mean" in messages.
 * A candidate counts when at most a third of the longer of the two has to change, or when one holds the other.
 */
export function nearest(word: string, candidates: Iterable<string>, limit: number): string[] {
  const wanted = word.toLowerCase();
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => Number.isFinite(distance))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** Three characters: shorter parts are in too many words to mean anything. */
const shortestPart = 3;

function distanceOf(wanted: string, candidate: string): number {
  const longer = Math.max(wanted.length, candidate.length);
  const allowed = Math.max(1, Math.floor(longer / 3));
  const distance = editDistance(wanted, candidate);
  if (distance <= allowed && distance < longer) return distance;
  const isLongEnough = Math.min(wanted.length, candidate.length) >= shortestPart;
  return isLongEnough && (wanted.includes(candidate) || candidate.includes(wanted)) ? longer : Infinity;
}

/** How many characters have to be put in, taken out, replaced or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  let beforePrevious = previous;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(replaced, at(previous, column) + 1, at(current, column - 1) + 1);
      // Before the first character there is none that equals another.
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, at(beforePrevious, column - 2) + 1);
      }
      current.push(best);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
