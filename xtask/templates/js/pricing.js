// A price adjuster: `adjust` says what is taken off a cart and what comes on top. As it is, there is a discount on everything.

const PERCENT = 10n;

// The most that a sum of money can be.
const MOST = 2n ** 63n - 1n;

export const adjuster = {
  adjust({ lines }) {
    const sum = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * BigInt(quantity), 0n);
    if (sum > MOST) {
      // What is thrown becomes the error of the interface. The customer reads this.
      throw { tag: "refused", val: "nobody can pay that much" };
    }
    const discount = (sum * PERCENT) / 100n;
    // Amounts are minor units: cents, not euros.
    return discount > 0n ? [{ kind: "discount", label: `${PERCENT} % off`, amount: -discount }] : [];
  },
};
