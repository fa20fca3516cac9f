call buildlint#ale#Define('terraform')
