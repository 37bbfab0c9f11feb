// Owns files as shops export them, written from the documented names of their columns: a product with variants, one without,
// a second picture's row, descriptions with markup, prices and stock that are nobody's business here.

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('');

export function shopifyFile(): string {
  const header = [
    'Handle',
    'Title',
    'Body (HTML)',
    'Vendor',
    'Product Category',
    'Type',
    'Tags',
    'Published',
    'Option1 Name',
    'Option1 Value',
    'Option2 Name',
    'Option2 Value',
    'Variant SKU',
    'Variant Grams',
    'Variant Inventory Qty',
    'Variant Price',
    'Variant Barcode',
    'Image Src',
    'Status',
  ];
  const html = '<p>Hand&nbsp;made in <em>Porto</em> &amp; polished.</p><script>alert(1)</script>';
  const row = (cells: Partial<Record<string, string>>) => header.map((name) => cells[name] ?? '');
  const halo = {
    Handle: 'halo-ring',
    Title: 'Halo ring',
    'Body (HTML)': html,
    Vendor: 'Atelier Lune',
    'Product Category': 'Apparel & Accessories > Jewelry > Rings',
    Tags: 'rings, gold',
    Published: 'true',
    'Option1 Name': 'Size',
    'Option1 Value': '52',
    'Option2 Name': 'Metal',
    'Option2 Value': '18k yellow gold',
    'Variant SKU': 'H-52',
    'Variant Grams': '40',
    'Variant Inventory Qty': '3',
    'Variant Price': '1200.00',
    'Image Src': 'https://cdn.example/halo.jpg',
    Status: 'active',
  };
  const second = {
    Handle: 'halo-ring',
    'Option1 Value': '54',
    'Option2 Value': 'Sterling silver',
    'Variant SKU': 'H-54',
    'Variant Price': '700.00',
  };
  const picture = { Handle: 'halo-ring', 'Image Src': 'https://cdn.example/halo-2.jpg' };
  const plain = {
    Handle: 'glass-beads',
    Title: 'Glass beads',
    'Body (HTML)': 'Strung on silk',
    Vendor: 'Atelier Lune',
    Type: 'Necklaces',
    'Option1 Name': 'Title',
    'Option1 Value': 'Default Title',
    'Variant SKU': 'GB-1',
    'Variant Price': '90.00',
    'Variant Barcode': '9506000134352',
  };
  return csv([header, ...[halo, second, picture, plain].map(row)]);
}

export function wooCommerceFile(): string {
  const header = [
    'ID',
    'Type',
    'SKU',
    'GTIN, UPC, EAN, or ISBN',
    'Name',
    'Published',
    'Short description',
    'Description',
    'Stock',
    'Weight (kg)',
    'Regular price',
    'Categories',
    'Tags',
    'Images',
    'Parent',
    'Attribute 1 name',
    'Attribute 1 value(s)',
    'Attribute 2 name',
    'Attribute 2 value(s)',
  ];
  const row = (cells: Partial<Record<string, string>>) => header.map((name) => cells[name] ?? '');
  const parent = {
    ID: '44',
    Type: 'variable',
    SKU: 'BAND',
    Name: 'Plain band',
    Published: '1',
    Description: '<ul><li>Comfort fit</li><li>Made to order</li></ul>',
    Categories: 'Jewellery > Rings',
    'Attribute 1 name': 'Size',
    'Attribute 1 value(s)': '50, 52',
    'Attribute 2 name': 'Material',
    'Attribute 2 value(s)': '925 silver',
  };
  const variation = (sku: string, size: string) => ({
    ID: sku.slice(-2),
    Type: 'variation',
    SKU: sku,
    Name: `Plain band - ${size}`,
    Published: '1',
    'Regular price': '80',
    Parent: 'id:44',
    'Attribute 1 name': 'Size',
    'Attribute 1 value(s)': size,
  });
  const simple = {
    ID: '60',
    Type: 'simple',
    SKU: 'PEARL',
    Name: 'Pearl earrings',
    Published: '1',
    'Weight (kg)': '0.2',
    Categories: 'Earrings',
    'Attribute 1 name': 'Gemstone',
    'Attribute 1 value(s)': 'pearl',
  };
  return csv([header, ...[parent, variation('BAND-50', '50'), variation('BAND-52', '52'), simple].map(row)]);
}
