/** The page for an address that has none. */
import { Page } from "../components/page";
import { paths } from "../paths";

export function NotFoundPage() {
  return (
    <Page
      title="Page not found"
      lead={<p>There is nothing at this address, or not any more.</p>}
    >
      <p>
        <a class="button is-primary" href={paths.home}>
          Back to the shop
        </a>
      </p>
    </Page>
  );
}
