/** The pages of customers who are logged in, or about to be: one file, which is loaded when the first of them is visited. */
export { AccountPage } from "./account";
export { CheckoutPage } from "./checkout";
export { LogInPage } from "./log-in";
export { OrderPage } from "./order";
export { OrdersPage } from "./orders";
export { RegisterPage } from "./register";
