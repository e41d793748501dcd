// A price adjuster: `adjust` returns the discounts and taxes of a cart. This version takes ten percent off everything.

const PERCENT = 10n;

// The largest sum of money.
const MAX_SUM = 2n ** 63n - 1n;

export const adjuster = {
  adjust({ lines }) {
    const sum = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * BigInt(quantity), 0n);
    if (sum > MAX_SUM) {
      // A thrown value becomes the error of the interface. The customer reads this.
      throw { tag: "refused", val: "the sum of the cart is too large" };
    }
    const discount = (sum * PERCENT) / 100n;
    // Amounts are minor units: cents, not euros.
    return discount > 0n ? [{ kind: "discount", label: `${PERCENT} % off`, amount: -discount }] : [];
  },
};
