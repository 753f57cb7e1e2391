import type { BrokenReply } from "../scenario/wsmanBehaviour";

/** Which replies of a door do not come as they should; each is used up by the requests that run into it. */
export class BrokenReplies {
  private readonly planned: { reply: BrokenReply; after: number; times: number }[] = [];

  constructor(replies: readonly BrokenReply[] = []) {
    replies.forEach((reply) => {
      this.add(reply);
    });
  }

  /** One more. */
  add(reply: BrokenReply): void {
    this.planned.push({ reply, after: reply.after, times: reply.times });
  }

  /** What the reply to this request runs into, if anything. A request counts for all that it fits. */
  take(operation: string): BrokenReply["kind"] | undefined {
    const fitting = this.planned.filter(
      ({ reply, times }) => times > 0 && (reply.operation === operation || reply.operation === "*"),
    );
    const due = fitting.find(({ after }) => after === 0);
    for (const one of fitting) if (one.after > 0) one.after -= 1;
    if (due !== undefined) due.times -= 1;
    return due?.reply.kind;
  }
}
