/** One line of the verdict: what was asked, how much was compared, and what was found to be otherwise. */
export interface Finding {
  asked: string;
  compared: string;
  /** none: it holds */
  faults: string[];
}
