/** The account of the customer. */
import { useLocation } from "preact-iso";
import { etagOf } from "@spindle-commerce/client";
import { Loading, ProblemNotice } from "../../components/feedback";
import { Button } from "../../components/form";
import { Page } from "../../components/page";
import { RequireSession } from "../../components/require-session";
import { paths } from "../../paths";
import { outcome } from "../../problems";
import { session } from "../../session";
import { spindle } from "../../shop";
import { useBusy, useResource } from "../../use";
import type { Account as AccountState } from "./account";
import { useAccount } from "./account";
import { Addresses } from "./addresses";
import { Notifications, Profile } from "./profile";
import { Password, Sessions, YourData } from "./security";

function Parts({ first }: { first: AccountState }) {
  const [account, change] = useAccount(first);
  return (
    <div class="account">
      <Profile account={account} change={change} />
      <Addresses account={account} change={change} />
      <Notifications account={account} change={change} />
      <Password />
      <Sessions account={account} />
      <YourData account={account} />
    </div>
  );
}

function Account() {
  const { route } = useLocation();
  const [busy, run] = useBusy();
  const me = useResource(session.value?.user.id ?? "", (signal) =>
    outcome(spindle.GET("/v1/users/me", { cache: "no-cache", signal })),
  );
  const logOut = () =>
    run(async () => {
      route(paths.home);
      await spindle.logOut();
    });
  return (
    <Page
      title="Account"
      lead={
        <div class="account-lead">
          <p>{session.value?.user.email}</p>
          <a href={paths.orders}>Your orders</a>
          <Button kind="quiet" busy={busy} onClick={() => void logOut()}>
            Log out
          </Button>
        </div>
      }
    >
      {me.problem && <ProblemNotice problem={me.problem} retry={me.reload} />}
      {!me.data && me.loading && (
        <Loading rows={5} label="Loading your account" />
      )}
      {me.data && me.response && (
        <Parts first={{ user: me.data, etag: etagOf(me.response) ?? "" }} />
      )}
    </Page>
  );
}

export function AccountPage() {
  return (
    <RequireSession>
      <Account />
    </RequireSession>
  );
}
