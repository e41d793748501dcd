/** The user of the account page, and the one way to change it. */
import { useState } from "preact/hooks";
import type { User, UserPatch } from "@spindle-commerce/client";
import { etagOf } from "@spindle-commerce/client";
import type { Outcome } from "../../problems";
import { outcome } from "../../problems";
import { spindle } from "../../shop";

/** The user as it was read last, and its version. */
export interface Account {
  user: User;
  etag: string;
}

/** Changes the user. After a 412 nothing is changed: the account, and `current`, are the user of now. */
export type ChangeAccount = (
  patch: UserPatch,
) => Promise<Outcome<User> & { current?: User }>;

/** Returns the account and the function that changes it. */
export function useAccount(
  first: Account,
): [account: Account, change: ChangeAccount] {
  const [account, setAccount] = useState(first);
  const change: ChangeAccount = async (patch) => {
    const answer = await outcome(
      spindle.PATCH("/v1/users/me", {
        params: { header: { "If-Match": account.etag } },
        body: patch,
      }),
    );
    if (answer.data) {
      setAccount({ user: answer.data, etag: etagOf(answer.response) });
    }
    if (answer.problem?.status !== 412) return answer;
    const { data: current, response } = await outcome(
      spindle.GET("/v1/users/me", { cache: "no-cache" }),
    );
    if (!current) return answer;
    setAccount({ user: current, etag: etagOf(response) });
    return { ...answer, current };
  };
  return [account, change];
}
