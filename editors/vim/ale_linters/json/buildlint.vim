call buildlint#ale#Define('json')
