/** The paths of the shop and their pages. */
import {
  ErrorBoundary,
  LocationProvider,
  Route,
  Router,
  lazy,
} from "preact-iso";
import { Layout } from "./components/layout";
import { BASE } from "./paths";
import { BrowsePage } from "./pages/browse";
import { CartPage } from "./pages/cart";
import { HomePage } from "./pages/home";
import { NotFoundPage } from "./pages/not-found";
import { ProductPage } from "./pages/product";

// Not needed to look around.
const customer = () => import("./pages/customer");
const LogInPage = lazy(() => customer().then((pages) => pages.LogInPage));
const RegisterPage = lazy(() => customer().then((pages) => pages.RegisterPage));
const CheckoutPage = lazy(() => customer().then((pages) => pages.CheckoutPage));
const OrdersPage = lazy(() => customer().then((pages) => pages.OrdersPage));
const OrderPage = lazy(() => customer().then((pages) => pages.OrderPage));
const AccountPage = lazy(() => customer().then((pages) => pages.AccountPage));

/** The shop. */
export function App() {
  return (
    <LocationProvider scope={BASE}>
      <ErrorBoundary>
        <Layout>
          <Router>
            <Route path={BASE} component={HomePage} />
            <Route path={`${BASE}/products`} component={BrowsePage} />
            <Route path={`${BASE}/products/:id`} component={ProductPage} />
            <Route path={`${BASE}/cart`} component={CartPage} />
            <Route path={`${BASE}/log-in`} component={LogInPage} />
            <Route path={`${BASE}/register`} component={RegisterPage} />
            <Route path={`${BASE}/checkout`} component={CheckoutPage} />
            <Route path={`${BASE}/orders`} component={OrdersPage} />
            <Route path={`${BASE}/orders/:id`} component={OrderPage} />
            <Route path={`${BASE}/account`} component={AccountPage} />
            <Route default component={NotFoundPage} />
          </Router>
        </Layout>
      </ErrorBoundary>
    </LocationProvider>
  );
}
