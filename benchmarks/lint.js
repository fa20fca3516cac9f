// Checks files with a library, in one process: node lint.js MODULES LIBRARY FILE...
const fs = require("fs");
const [modules, name, ...files] = process.argv.slice(2);
const library = require(`${modules}/${name}`);
const check = library.validate ?? ((text) => library.run(".", text));
for (const file of files) check(fs.readFileSync(file, "utf8"));
