return require("buildlint").config
