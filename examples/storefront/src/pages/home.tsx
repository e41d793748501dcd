/** The start page: what the shop has, and what is new. */
import { CategoryArt, ProductArt } from "../art/art";
import { ProblemNotice } from "../components/feedback";
import { Page, Section } from "../components/page";
import { ProductGrid, ProductGridLoading } from "../components/product-card";
import { count } from "../format";
import { paths } from "../paths";
import { outcome } from "../problems";
import { spindle } from "../shop";
import { useResource } from "../use";

/** The drawings beside the heading: SKUs and names as in the demo catalogue, in colours that go together. */
const HERO = [
  ["LIG-PENDANT-HERO", "Pendant lamp, saffron"],
  ["TEA-POT-HERO", "Teapot, petrol"],
  ["FUR-CHAIR-HERO", "Chair, oak"],
  ["CLO-PULLOVER-HERO", "Pullover, terracotta"],
  ["GAR-POT-HERO", "Pot, clay"],
  ["TAB-BOWL-HERO", "Bowl, indigo"],
] as const;

export function HomePage() {
  const categories = useResource("categories", (signal) =>
    outcome(spindle.GET("/v1/categories", { signal })),
  );
  const newest = useResource("newest", (signal) =>
    outcome(
      spindle.GET("/v1/products", {
        params: { query: { sort: "newest", in_stock: true, limit: 8 } },
        signal,
      }),
    ),
  );
  return (
    <Page
      title=""
      heading="Things that are made to be used"
      class="home"
      lead={
        <>
          <p>
            Lamps, linen, teapots and tents: goods for the house and the road,
            from people who know their trade.
          </p>
          <a class="button is-primary" href={paths.products}>
            See all products
          </a>
          <div class="hero-art" aria-hidden="true">
            {HERO.map(([sku, name]) => (
              <ProductArt key={sku} sku={sku} name={name} />
            ))}
          </div>
        </>
      }
    >
      <Section title="Categories">
        {categories.problem && (
          <ProblemNotice
            problem={categories.problem}
            retry={categories.reload}
          />
        )}
        <ul class="category-grid" role="list">
          {categories.data?.items.map((category) => (
            <li key={category.slug} class="category-card">
              <CategoryArt slug={category.slug} />
              <div>
                <a href={paths.category(category.slug)}>{category.name}</a>
                <span class="small">{count(category.products, "product")}</span>
              </div>
            </li>
          ))}
          {!categories.data &&
            categories.loading &&
            Array.from({ length: 12 }, (_, i) => (
              <li key={i} class="skeleton is-tile" />
            ))}
        </ul>
      </Section>
      <Section
        title="New in"
        aside={<a href={`${paths.products}?sort=newest`}>More that is new</a>}
      >
        {newest.problem && (
          <ProblemNotice problem={newest.problem} retry={newest.reload} />
        )}
        {newest.data && (
          <ProductGrid products={newest.data.items} label="New products" />
        )}
        {!newest.data && newest.loading && <ProductGridLoading />}
      </Section>
    </Page>
  );
}
