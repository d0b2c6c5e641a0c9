using LangGuard.Data;

namespace LangGuard.Tests.Data.Sql;

/// <summary>Ordinary analytics must not be refused.</summary>
public sealed class SqlAnalyticsTests
{
    public static TheoryData<string> OnSqlite => new(
        "SELECT id FROM orders WHERE customer_id IN (1,2,3) AND note NOT NULL AND status ISNULL",
        "SELECT name AS n FROM products WHERE n LIKE 'R%' GROUP BY n HAVING n <> '' ORDER BY n COLLATE NOCASE DESC",
        "SELECT sum(total) AS s FROM orders GROUP BY customer_id HAVING s > 10 ORDER BY s",
        "SELECT a.*, b.id FROM orders a, customers b WHERE a.customer_id = b.id",
        "SELECT count(*) FROM orders o LEFT OUTER JOIN customers c ON o.customer_id = c.id",
        "SELECT json_extract(note, '$.a'), note ->> 'a', note -> '$.b' FROM orders",
        "SELECT value FROM json_each('[1,2,3]')",
        "SELECT o.id, j.value FROM orders o, json_each(o.note) j WHERE j.type = 'text'",
        "SELECT o.id, j.key FROM orders o JOIN json_tree(o.note, '$.x') AS j",
        "SELECT iif(total > 5, 'a', 'b'), total IS NOT 5, total IS 5, 5 == 5, 1 <> 2, 1 != 2 FROM orders",
        "SELECT rowid, * FROM orders",
        "SELECT orders.rowid FROM orders",
        "SELECT main.orders.id FROM main.orders",
        "SELECT \"orders\".\"id\", [orders].[status], `orders`.`note` FROM orders",
        "WITH x(a) AS (SELECT id FROM orders) SELECT a FROM x UNION SELECT a + 1 FROM x",
        "WITH RECURSIVE cnt(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM cnt LIMIT 10) SELECT x FROM cnt",
        "WITH cnt(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM cnt WHERE x<5) SELECT x FROM cnt",
        "SELECT * FROM (SELECT id AS a FROM orders) WHERE a > 1",
        "SELECT max(total), id FROM orders",
        "SELECT id FROM orders LIMIT 5, 10",
        "SELECT id FROM orders WHERE created_at > datetime('now', '-7 days') AND total BETWEEN 1 AND 5 AND id NOT BETWEEN 3 AND 4",
        "SELECT CASE status WHEN 'paid' THEN 1 ELSE 0 END x FROM orders ORDER BY 1",
        "SELECT (SELECT count(*) FROM orders WHERE orders.customer_id = c.id) AS n FROM customers c ORDER BY n",
        "SELECT group_concat(DISTINCT status) FROM orders",
        "SELECT sum(total) FILTER (WHERE status='paid') OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE NO OTHERS) FROM orders",
        "SELECT CAST(total AS VARCHAR(10)), CAST(id AS UNSIGNED BIG INT), CAST(1 AS REAL) FROM orders",
        "SELECT DISTINCT o.customer_id FROM orders o INNER JOIN order_items USING (id)",
        "SELECT * FROM orders o JOIN (customers c JOIN reviews r ON r.customer_id=c.id) ON o.customer_id = c.id",
        "SELECT id, row_number() OVER (PARTITION BY status ORDER BY id) AS rn FROM orders",
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY status ORDER BY id) AS rn FROM orders) t WHERE t.rn = 1",
        "SELECT id FROM orders INDEXED BY ix WHERE id = 1",
        "SELECT * FROM orders NOT INDEXED",
        "VALUES (1),(2) ORDER BY 1",
        "SELECT 1 WHERE 1 IN ()",
        "SELECT upper(name) || ' ' || lower(city) FROM customers WHERE length(name) > 3",
        "SELECT * FROM orders ORDER BY random() LIMIT 3",
        "EXPLAIN SELECT 1",
        "SELECT \"max(id)\" FROM (SELECT max(id) FROM orders)",
        "SELECT strftime('%Y', created_at) y, count(*) FROM orders GROUP BY y UNION ALL SELECT 'all', count(*) FROM orders",
        "SELECT like('a%', name), glob('a*', name), replace(name,'a','b') FROM products",
        "SELECT key, plan FROM (SELECT 1 AS key, 2 AS plan)",
        "SELECT (1, 2) = (1, 2), (1,2) IN (VALUES (1,2)), -(-1), +1, ~1, not 1",
        "select * from orders where (note is not null) and not exists (select 1 from reviews)",
        "SELECT date('now'), time('now'), CURRENT_TIMESTAMP, current_date",
        "SELECT id AS 'quoted alias' FROM orders");

    public static TheoryData<string> OnPostgreSql => new(
        "SELECT status, percentile_disc(0.9) WITHIN GROUP (ORDER BY total DESC) FILTER (WHERE total > 0) FROM orders GROUP BY status",
        "SELECT id, sum(total) OVER (PARTITION BY customer_id ORDER BY id GROUPS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES) FROM orders",
        "SELECT a.id FROM orders a, LATERAL (SELECT count(*) AS n FROM order_items i WHERE i.order_id = a.id) x WHERE x.n > 1",
        "SELECT country, city, GROUPING(country, city) FROM customers GROUP BY CUBE (country, city), ROLLUP(country) HAVING count(*) > 1",
        "SELECT created_at AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin', created_at + INTERVAL '1' DAY, interval '2 hours' + interval '1-2' YEAR TO MONTH FROM orders",
        "SELECT ARRAY[1,2,3][1:2], ARRAY[[1,2],[3,4]], '{1,2}'::int[], (ARRAY['a','b'])[1], array(select id from orders)",
        "SELECT * FROM orders WHERE (customer_id, status) = (1, 'paid') AND ROW(id, total) < ROW(1, 2)",
        "SELECT id FROM orders WHERE note LIKE '10!%%' ESCAPE '!' AND note NOT ILIKE 'a' || '%' AND note SIMILAR TO '%(a|b)%'",
        "SELECT CAST(total AS numeric(10,2)), total::double precision, created_at::timestamp with time zone, created_at::timestamp(3) without time zone, id::character varying(10) FROM orders",
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n+1 FROM t WHERE n < 5) SELECT n FROM t",
        "WITH RECURSIVE t AS (SELECT id, parent_id FROM categories WHERE parent_id IS NULL UNION ALL SELECT c.id, c.parent_id FROM categories c JOIN t ON c.parent_id = t.id) SEARCH DEPTH FIRST BY id SET ord CYCLE id SET is_cycle USING path SELECT id, ord, is_cycle FROM t ORDER BY ord",
        "SELECT date_trunc('week', created_at)::date AS week, count(*) FROM orders GROUP BY week ORDER BY week NULLS FIRST LIMIT 10 OFFSET 5 ROWS",
        "SELECT o.*, c.name AS customer FROM orders o JOIN customers c ON c.id = o.customer_id AND c.country IN ('DE','GB') LEFT JOIN reviews r USING (customer_id) WHERE r.rating BETWEEN SYMMETRIC 5 AND 1 OR r.rating IS NULL",
        "SELECT count(*) FROM (SELECT DISTINCT customer_id FROM orders) x",
        "SELECT generate_series(1,3) AS n, unnest(ARRAY['a','b'])",
        "SELECT t.v, t.ordinality FROM unnest(ARRAY['a','b']) WITH ORDINALITY AS t(v)",
        "SELECT v, n FROM unnest(ARRAY['a','b']) WITH ORDINALITY AS t(v, n)",
        "SELECT x.a, x.b FROM jsonb_to_recordset('[{\"a\":1,\"b\":\"x\"}]') AS x(a int, b text)",
        "SELECT * FROM ROWS FROM (generate_series(1,2), generate_series(1,3)) AS r(a, b)",
        "SELECT json_build_object('id', id, 'tags', json_agg(status ORDER BY id)) FROM orders GROUP BY id",
        "SELECT extract(epoch FROM (now() - created_at)) / 3600, date_part('year', created_at), to_char(total, 'FM999D00') FROM orders",
        "SELECT coalesce(sum(total) FILTER (WHERE status = 'paid'), 0)::numeric(12,2) AS paid FROM orders",
        "SELECT name, rank() OVER w, dense_rank() OVER (w ROWS UNBOUNDED PRECEDING) FROM products WINDOW w AS (PARTITION BY category_id ORDER BY price DESC)",
        "SELECT id FROM orders ORDER BY CASE WHEN status = 'paid' THEN 0 ELSE 1 END, total DESC FETCH NEXT 5 ROWS WITH TIES",
        "SELECT position('b' IN 'abc'), substring('abc' FROM '%#\"b#\"%' FOR '#'), trim(LEADING 'x' FROM name), overlay('abc' PLACING 'z' FROM 2 FOR 1) FROM products",
        "SELECT 1 UNION ALL (SELECT 2 UNION SELECT 3) ORDER BY 1",
        "(SELECT id FROM orders LIMIT 1) UNION ALL (SELECT id FROM customers LIMIT 1)",
        "SELECT * FROM (SELECT id FROM orders UNION SELECT id FROM customers) u JOIN products p ON p.id = u.id",
        "SELECT * FROM ((SELECT id FROM orders) UNION (SELECT id FROM customers)) u",
        "SELECT * FROM ((orders o JOIN customers c ON c.id = o.customer_id) JOIN reviews r ON r.customer_id = c.id)",
        "SELECT count(o.*), o.id IS NOT NULL FROM orders o GROUP BY o.id",
        "SELECT row_to_json(o) FROM orders o",
        "SELECT row_to_json(x) FROM (SELECT id, total FROM orders) x",
        "SELECT id, total, lag(total, 1, 0::numeric) OVER (ORDER BY id) AS prev FROM orders",
        "SELECT name FROM customers WHERE name ~ '^A' AND NOT (name !~* 'x') AND EXISTS (SELECT FROM orders WHERE customer_id = customers.id)",
        "SELECT id FROM orders WHERE created_at >= date '2024-01-01' AND created_at < timestamp '2024-06-01 00:00:00' AND created_at::time > time '10:00'",
        "SELECT (o).id, (o).status FROM orders o",
        "SELECT status, count(*) c FROM orders GROUP BY 1 HAVING count(*) > (SELECT avg(n) FROM (SELECT count(*) n FROM orders GROUP BY status) z) ORDER BY c DESC",
        "SELECT o.id, (SELECT string_agg(p.name, ', ' ORDER BY p.name) FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = o.id) AS items FROM orders o",
        "SELECT to_tsvector('english', name) @@ plainto_tsquery('english', 'rake') FROM products",
        "SELECT regexp_matches(name, '(\\w+)', 'g') FROM products",
        "SELECT id, total > 10 AND status <> 'x' AS big, NOT active FROM orders, products",
        "SELECT a.n FROM generate_series(1, 10, 2) a(n) WHERE a.n % 2 = 1",
        "SELECT d FROM generate_series(now() - interval '7 days', now(), '1 day') d",
        "SELECT jsonb_path_query_array(props, '$.tags[*] ? (@ like_regex \"^a\")') FROM events",
        "SELECT props['page'], props #> '{a,b}', props ?| array['a'], props ?& array['b'], props - 'x', props || '{}'::jsonb, props @? '$.a' FROM events",
        "SELECT key, value FROM events, jsonb_each(props)",
        "SELECT e.id, kv.key, kv.value FROM events e CROSS JOIN LATERAL jsonb_each_text(e.props) kv",
        "SELECT e.id, k FROM events e, jsonb_object_keys(e.props) k",
        "SELECT min(created_at), max(created_at), max(created_at) - min(created_at) AS span FROM orders",
        "SELECT id FROM orders WHERE id = ANY($1) AND status = @status AND total > :min",
        "SELECT CURRENT_TIMESTAMP(0), LOCALTIME, now()::date - 7, current_date - interval '1 month'",
        "SELECT nullif(trim(note), '') IS NOT DISTINCT FROM NULL FROM orders",
        "SELECT * FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_items WHERE order_id = o.id AND qty > ALL (SELECT stock FROM products))",
        "SELECT lower(left(name, 2)), right(name, 1), replace(name, 'a', 'b') FROM products",
        "VALUES (1, 'a'), (2, NULL)",
        "TABLE orders ORDER BY id LIMIT 3",
        "SELECT 1 OPERATOR(pg_catalog.+) 2",
        "EXPLAIN VERBOSE SELECT 1",
        "SELECT o.id FROM orders o NATURAL JOIN (SELECT 1 AS id) x",
        "SELECT mode() WITHIN GROUP (ORDER BY status) FROM orders",
        "SELECT FROM orders",
        "SELECT B'1', X'ff', E'a\\nb', U&'\\0061' UESCAPE '!', N'x', $$a$$",
        "SELECT COUNT(*) FILTER (WHERE total > 5) OVER (PARTITION BY status) FROM orders",
        "SELECT make_interval(days => 10), jsonb_set('{}', '{a}', '1', create_if_missing => true)",
        "SELECT 1 WHERE 'a' COLLATE \"C\" < 'b'",
        "SELECT pg_catalog.lower(name), 1 AS \"select\", 2 AS value, 3 AS year FROM products",
        "SELECT status::order_status FROM orders",
        "SELECT * FROM sales.orders s JOIN orders o ON o.id = s.id",
        "SELECT sales.orders.region FROM sales.orders");

    [Theory]
    [MemberData(nameof(OnSqlite))]
    public void Understands_sqlite(string sql) => Understands(sql, SqlDialect.Sqlite);

    [Theory]
    [MemberData(nameof(OnPostgreSql))]
    public void Understands_postgresql(string sql) => Understands(sql, SqlDialect.PostgreSql);

    private static void Understands(string sql, SqlDialect dialect)
    {
        var facts = SqlShop.Facts(sql, dialect);

        facts.Functions.Where(function => !function.IsBuiltIn).Should().BeEmpty(sql);
        facts.ChangesData.Should().BeFalse();
        facts.ReturnsRows.Should().BeTrue();
    }
}
